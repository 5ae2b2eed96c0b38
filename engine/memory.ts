/**
 * Memory for one job. It is all given back at once, when the next job begins: nothing has to be taken down, and the pages that the kernel
 * has zeroed once are used again.
 */

// @ts-ignore: decorator
@lazy const smallest: u32 = 5;
// @ts-ignore: decorator
@lazy const largest: u32 = 16;
/** Up to 64 KiB, blocks have the sizes of powers of two. */

/** Before every block: its size. In a free one, the next free block follows. */
const header: usize = 16;
const freeBlocks: usize = memory.data(32 * 4);
let freeLarge: usize = 0;
let top: usize = 0;

/** Gives everything back. */
export function beginMemory(): void {
  memory.fill(freeBlocks, 0, 32 * 4);
  freeLarge = 0;
  top = (__heap_base + 15) & ~15;
}

/** @returns The address of as many bytes, and 16 more of anything after them, at a multiple of 16. */
export function allocate(bytes: usize): usize {
  const needed = bytes + header + 16;
  return needed <= 1 << largest ? allocateSmall(32 - clz<u32>(<u32>needed - 1)) : allocateLarge((needed + 0xffff) & ~0xffff);
}

function allocateSmall(power: u32): usize {
  const kind = max(power, smallest);
  const list = freeBlocks + kind * 4;
  const block = load<u32>(list);
  if (block == 0) return newBlock((<usize>1) << kind);
  store<u32>(list, load<u32>(block));
  return block;
}

/** A free block that is not twice as large as needed, or a new one. */
function allocateLarge(size: usize): usize {
  let before: usize = 0;
  for (let block = freeLarge; block != 0; block = load<u32>(block)) {
    const found: usize = load<u32>(block - header);
    if (found >= size && found < size * 2) {
      if (before == 0) freeLarge = load<u32>(block);
      else store<u32>(before, load<u32>(block));
      return block;
    }
    before = block;
  }
  return newBlock(size);
}

function newBlock(size: usize): usize {
  const block = top + header;
  top += size;
  const pages = <i32>((top + 0xffff) >> 16) - memory.size();
  // By an eighth more than needed: each time memory grows, its views outside have to be made anew.
  if (pages > 0 && memory.grow(max(pages, memory.size() >> 3)) < 0 && memory.grow(pages) < 0) unreachable();
  store<u32>(block - header, <u32>size);
  return block;
}

/** Gives a block back: the next one of its size may have it. */
export function release(block: usize): void {
  const size: usize = load<u32>(block - header);
  if (size > 1 << largest) {
    store<u32>(block, <u32>freeLarge);
    freeLarge = block;
    return;
  }
  const list = freeBlocks + (31 - clz<u32>(<u32>size)) * 4;
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}

/** The same bytes with more room. */
export function enlarge(block: usize, bytes: usize): usize {
  const room: usize = <usize>load<u32>(block - header) - header - 16;
  if (room >= bytes) return block;
  const larger = allocate(bytes);
  memory.copy(larger, block, room);
  release(block);
  return larger;
}
