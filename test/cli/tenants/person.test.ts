import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { personAt, type Person } from '../../../cli/tenants/person.ts';

/** A terminal on which somebody types, with everything that is seen on it. */
function sit(isTTY = true) {
  const [input, output] = [Object.assign(new PassThrough(), { isTTY }), Object.assign(new PassThrough(), { isTTY })];
  let seen = '';
  output.setEncoding('utf8').on('data', (text: string) => (seen += text));
  return { person: personAt({ input, output }), type: (text: string) => input.write(text), seen: () => seen };
}

const there = (person: Person | undefined): Person => {
  if (!person) throw new Error('a person sits there');
  return person;
};

describe('a person at the terminal', () => {
  test('is asked, and an empty answer is the usual one', async () => {
    const { person, type, seen } = sit();
    const cloud = there(person).ask('Cloud', 'enterprise');
    type('\r');
    expect(await cloud).toBe('enterprise');
    const domain = there(person).ask('Domain');
    type(' contoso.example \r');
    expect(await domain).toBe('contoso.example');
    expect(seen()).toContain('Cloud [enterprise]: ');
  });

  test('types a secret unseen, corrections included', async () => {
    const { person, type, seen } = sit();
    const secret = there(person).askHidden("The secret's Value");
    type('hunter3\u007f2\r');
    expect(await secret).toBe('hunter2');
    await setImmediate();
    expect(seen()).toBe("The secret's Value (not shown): \n");
  });

  test.each(['\u0003', '\u0004'])('may leave (%j), and nothing happens', async (key) => {
    const { person, type } = sit();
    const answer = there(person).ask('Domain');
    type(key);
    await expect(answer).rejects.toThrow('nothing was changed');
  });

  test('is not there in a pipe', () => {
    expect(sit(false).person).toBeUndefined();
  });
});
