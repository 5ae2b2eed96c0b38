import { expect, test } from '@jest/globals';
import { Slots } from '../../local/slots.ts';

/** A clock whose sleepers are woken by the test. */
function heldClock() {
  const sleepers: (() => void)[] = [];
  return { now: () => 0, sleep: () => new Promise<void>((wake) => sleepers.push(wake)), wake: () => sleepers.shift()?.() };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when the test says so. */
function open(slots: Slots, begun: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = slots.use(heldClock(), () => {
    begun.push(name);
    return new Promise<void>((resolve) => (end = resolve));
  });
  return {
    end: () => {
      end();
      return ended;
    },
  };
}

test('as many work at once as there are slots; the next begins when one has ended, in the order of asking', async () => {
  const [slots, begun] = [new Slots(2), [] as string[]];
  const works = ['a', 'b', 'c', 'd'].map((name) => open(slots, begun, name));
  await settle();
  expect(begun).toEqual(['a', 'b']);
  await works[1]?.end();
  await settle();
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('work that fails gives its slot back', async () => {
  const slots = new Slots(1);
  await expect(slots.use(heldClock(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.use(heldClock(), () => Promise.resolve(1))).toBe(1);
});

test('who sleeps gives the slot away, and goes on only when one is free again', async () => {
  const [slots, clock, begun] = [new Slots(1), heldClock(), [] as string[]];
  const asleep = slots.use(clock, async (sharing) => {
    await sharing.sleep(1_000);
    begun.push('awake');
  });
  await settle();
  const other = open(slots, begun, 'other');
  await settle();
  clock.wake();
  await settle();
  expect(begun).toEqual(['other']);
  await other.end();
  await asleep;
  expect(begun).toEqual(['other', 'awake']);
});

test('however many parts of it sleep, one slot is given away', async () => {
  const [slots, clock, begun] = [new Slots(1), heldClock(), [] as string[]];
  const asleep = slots.use(clock, (sharing) => Promise.all([sharing.sleep(1), sharing.sleep(1)]));
  await settle();
  const others = [open(slots, begun, 'b'), open(slots, begun, 'c')];
  await settle();
  expect(begun).toEqual(['b']);
  clock.wake();
  clock.wake();
  await others[0]?.end();
  await settle();
  await others[1]?.end();
  await asleep;
  expect(begun).toEqual(['b', 'c']);
});
