/** Reads parameters at a rate that Parameter Store's default quota bears, and waits where it does not. */

import { GetParametersCommand, GetParametersByPathCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { seconds } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';
import { TenantsUnavailable } from '../ports/tenants.ts';
import { backOff } from './backoff.ts';
import { Pace } from './pace.ts';

/** Where parameters are read, and what waiting takes. */
export interface ParameterSource {
  /** Without retries of its own: they would hide throttling from the pace. */
  readonly client: SSMClient;
  readonly clock: Clock;
  /** Differs between processes, so that those that were throttled together do not come back together. */
  readonly salt: string;
}

/** Parameter Store takes no more names at once, and returns no more of a path in one page. */
const parametersAtOnce = 10;
/** A read that finds no answer for so long is given up. */
const patienceMs = seconds(30);

/** Names that wait for their turn. */
interface Waiting {
  readonly isDecrypted: boolean;
  readonly asked: Asked[];
  isServed: boolean;
}

interface Asked {
  readonly name: string;
  readonly resolve: (parameter: Parameter | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Parameters of one account and region. Its default quota is 40 requests a second for all functions and people together.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm
 */
export class ParameterReader {
  private readonly source: ParameterSource;
  private readonly pace: Pace;
  private readonly waiting: Readonly<Record<'decrypted' | 'undecrypted', Waiting>> = {
    decrypted: { isDecrypted: true, asked: [], isServed: false },
    undecrypted: { isDecrypted: false, asked: [], isServed: false },
  };

  constructor(source: ParameterSource) {
    this.source = source;
    this.pace = new Pace(source.clock);
  }

  /** Every parameter below the path, page by page, undecrypted. @throws TenantsUnavailable When a page cannot be had now. */
  async below(path: string): Promise<Parameter[]> {
    const found: Parameter[] = [];
    let token: string | undefined;
    do {
      const page = { Path: path, Recursive: true, WithDecryption: false, MaxResults: parametersAtOnce, NextToken: token };
      await this.pace.turn();
      const answer = await this.patiently(path, () => this.source.client.send(new GetParametersByPathCommand(page)));
      found.push(...(answer.Parameters ?? []));
      token = answer.NextToken;
    } while (token !== undefined);
    return found;
  }

  /**
   * One parameter, read together with others that are asked for at the same time; undefined when there is none of that name.
   *
   * @throws TenantsUnavailable When it cannot be had now.
   */
  get(name: string, how: 'decrypted' | 'undecrypted'): Promise<Parameter | undefined> {
    const waiting = this.waiting[how];
    return new Promise((resolve, reject) => {
      waiting.asked.push({ name, resolve, reject });
      if (!waiting.isServed) void this.serve(waiting);
    });
  }

  /** The first that is asked for takes along what is asked for until its turn comes; those after it wait for the next. */
  private async serve(waiting: Waiting): Promise<void> {
    waiting.isServed = true;
    while (waiting.asked.length > 0) {
      await this.pace.turn();
      await this.readTogether(waiting.asked.splice(0, parametersAtOnce), waiting.isDecrypted);
    }
    waiting.isServed = false;
  }

  /** What one of them is refused for (a key that may not be used) is no fault of the others: each is asked for alone then. */
  private async readTogether(asked: readonly Asked[], isDecrypted: boolean): Promise<void> {
    const [first] = asked;
    try {
      const names = [...new Set(asked.map(({ name }) => name))];
      const get = new GetParametersCommand({ Names: names, WithDecryption: isDecrypted });
      const { Parameters = [] } = await this.patiently(String(first?.name), () => this.source.client.send(get));
      const found = new Map(Parameters.map((parameter) => [parameter.Name, parameter]));
      for (const { name, resolve } of asked) resolve(found.get(name));
    } catch (error) {
      if (asked.length === 1 || error instanceof TenantsUnavailable) for (const { reject } of asked) reject(error);
      else await this.readEach(asked, isDecrypted);
    }
  }

  private async readEach(asked: readonly Asked[], isDecrypted: boolean): Promise<void> {
    for (const one of asked) {
      await this.pace.turn();
      await this.readTogether([one], isDecrypted);
    }
  }

  /** Its first request has had its turn. */
  private async patiently<T>(name: string, send: () => Promise<T>): Promise<T> {
    const { clock, salt } = this.source;
    const end = clock.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await send();
        this.pace.answered();
        return answer;
      } catch (error) {
        if (isAnswer(error)) throw error;
        this.pace.refused();
        if (clock.now() >= end)
          throw new TenantsUnavailable(`the parameter store did not answer for ${name}: ${String(error)}`, { cause: error });
        await backOff(clock, attempt, `${salt} ${name}`);
        await this.pace.turn();
      }
    }
  }
}

/** Throttling, like whatever fails on the way or at AWS, is no answer. */
const throttles: readonly string[] = ['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'];

function isAnswer(error: unknown): boolean {
  const { name, $fault } = error as { readonly name?: string; readonly $fault?: string };
  return $fault === 'client' && !throttles.includes(String(name));
}
