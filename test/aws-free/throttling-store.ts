/** Parameter Store as it is by default: 40 requests a second for everybody together, ten parameters at once, 20 ms for an answer. */

import type { Parameter, SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../shared/ports/clock.ts';

/** @see https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm */
const requestsPerSecond = 40;
const parametersAtOnce = 10;
const answerMs = 20;

interface Input {
  readonly Names?: readonly string[];
  readonly WithDecryption?: boolean;
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly Path?: string;
}

/** A store that throttles, and what it did so far. */
export class ThrottlingStore {
  answered = 0;
  throttled = 0;
  /** Names that cannot be decrypted, for the key may not be used. */
  readonly undecryptable = new Set<string>();
  private readonly clock: Clock;
  private readonly parameters: readonly Parameter[];
  private readonly byName: ReadonlyMap<string | undefined, Parameter>;
  private tokens = requestsPerSecond;
  private last: number;

  constructor(clock: Clock, parameters: readonly Parameter[]) {
    this.clock = clock;
    this.parameters = parameters;
    this.byName = new Map(parameters.map((parameter) => [parameter.Name, parameter]));
    this.last = clock.now();
  }

  /** A client that does not retry, as functions make it. */
  client(): SSMClient {
    return { config: {}, send: ({ input }: { readonly input: Input }) => this.answer(input) } as unknown as SSMClient;
  }

  /** Takes all of its quota for as long. */
  exhaust(ms: number): void {
    this.last = this.clock.now() + ms;
    this.tokens = 0;
  }

  private async answer({
    Names,
    WithDecryption = false,
    NextToken = '0',
    MaxResults = parametersAtOnce,
    Path = '',
  }: Input): Promise<object> {
    await this.clock.sleep(answerMs);
    if (!this.take()) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $fault: 'client' });
    if ((Names?.length ?? MaxResults) > parametersAtOnce) throw refused('ValidationException');
    if (WithDecryption && Names?.some((name) => this.undecryptable.has(name))) throw refused('AccessDeniedException');
    this.answered += 1;
    if (Names) return { Parameters: Names.flatMap((name) => this.byName.get(name) ?? []) };
    const from = Number(NextToken);
    const end = from + MaxResults;
    const below = this.parameters.filter(({ Name = '' }) => Name.startsWith(`${Path}/`));
    return { Parameters: below.slice(from, end), ...(end < below.length && { NextToken: String(end) }) };
  }

  private take(): boolean {
    const now = this.clock.now();
    this.tokens = Math.min(requestsPerSecond, this.tokens + (Math.max(0, now - this.last) / 1_000) * requestsPerSecond);
    this.last = Math.max(now, this.last);
    if (this.tokens < 1) {
      this.throttled += 1;
      return false;
    }
    this.tokens -= 1;
    return true;
  }
}

const refused = (name: string): Error => Object.assign(new Error(name), { name, $fault: 'client' });
