/** `npm run rules:try -- FOLDER`: compiles a whole repository of Sigma rules, and counts what is refused and why. */

import { runRulesTry } from './rules-try/run.ts';

process.exitCode = await runRulesTry(process.argv.slice(2));
