/** What of WebAssembly is used here: Node has it, and its types do not say so. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    readonly brand: unique symbol;
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: unknown;
  }
}
