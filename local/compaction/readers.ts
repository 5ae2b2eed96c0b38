import { minutes } from '../../shared/domain/window.ts';

/** Who began to read before something was replaced has ended by then. */
export const readersLastMs = minutes(60);
