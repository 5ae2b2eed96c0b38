const comma = 44;
const colon = 58;
const openBracket = 91;

/** Names of the array in which a page has its records: Graph's, Event Hub's, Splunk's. */
const listNames = ['value', 'records', 'results'];

/**
 * Distinguishes a page from a record by its first names: before the array of records, a page has only OData's own. A record may well have a
 * field `value`, but not as its first.
 */
export class PageHead {
  private isName = true;
  private name = '';
  private canBePage = true;

  openString(): void {
    if (this.isName) this.name = '';
    else this.valueBegins();
  }

  /** More of a string, or all of it. Of a name its beginning is kept. */
  continueString(piece: Buffer): void {
    if (this.isName && this.name.length < 64) this.name += piece.toString('latin1', 0, 64);
  }

  closeString(piece: Buffer): void {
    this.continueString(piece);
    this.isName = false;
  }

  /** A byte outside of strings and brackets. */
  sign(byte: number): void {
    if (byte === comma) this.isName = true;
    else if (byte !== colon) this.valueBegins();
  }

  /** @returns Whether the bracket opens a page's records. */
  openValue(byte: number): boolean {
    const isPage = this.canBePage && byte === openBracket && listNames.includes(this.name);
    this.valueBegins();
    return isPage;
  }

  private valueBegins(): void {
    if (!/^@|odata|^nextLink$|^count$/i.test(this.name)) this.canBePage = false;
  }
}
