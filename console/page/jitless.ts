/** The page's policy allows no code that is made of text, and zod would try when a schema is made: this comes before all of them. */

import { config } from 'zod';

config({ jitless: true });
