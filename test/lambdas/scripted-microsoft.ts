import type { Member } from '../../shared/domain/fetch-job.ts';
import type { Window } from '../../shared/domain/window.ts';
import type { Answer, FetchedWindow, Microsoft, Refusal, Subscription } from '../../shared/ports/microsoft.ts';
import type { FakeFiles } from '../fakes/fake-files.ts';
import { contoso } from '../contracts/samples.ts';

/** A refusal of this kind without particulars. */
export const refusal = (kind: Refusal['kind'], retryAfterMs?: number): Refusal => {
  const cause = { code: kind, message: `Microsoft says ${kind}`, cure: 'none' };
  return kind === 'throttled' || kind === 'unavailable'
    ? { kind, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    : { kind, cause };
};

/** A Microsoft that answers by script: each of these may be set by a test; without, everything is well and empty. */
export class ScriptedMicrosoft implements Microsoft {
  blobs: (Member & { readonly records: readonly string[] })[] = [];
  subscriptions: Subscription[] = [{ contentType: 'Audit.Exchange', isEnabled: true }];
  rows: { readonly id: string; readonly at: number }[] = [];
  pagesNeeded = 1;
  /** Blobs stay in memory, as small ones do. */
  isInMemory = false;
  onList: (window: Window) => Refusal | undefined = () => undefined;
  onProbe: (window: Window) => Refusal | undefined = () => undefined;
  onFetch: (contentId: string) => Refusal | undefined = () => undefined;
  onWindow: (window: Window) => Refusal | undefined = () => undefined;
  /** Our clock less Microsoft's. */
  leadMs: number | undefined = undefined;
  readonly calls: string[] = [];
  readonly listed: Window[] = [];
  readonly files: FakeFiles;

  constructor(files: FakeFiles) {
    this.files = files;
  }

  clockLeadMs = () => this.leadMs;
  identify = () => this.answer('identify', { tenantId: contoso });
  listSubscriptions = () => this.answer<readonly Subscription[]>('subscriptions', this.subscriptions);

  startSubscription = () => {
    this.subscriptions = [{ contentType: 'Audit.Exchange', isEnabled: true }];
    return this.answer('start', null);
  };

  listBlobs = (_tenant: unknown, _logType: unknown, window: Window) => {
    this.listed.push(window);
    const blobs = this.blobs.filter(({ created }) => created >= window.start && created < window.end);
    return this.answer<readonly Member[]>(
      'list',
      blobs.map(({ records: _records, ...member }) => member),
      this.onList(window),
    );
  };

  fetchBlob = (_tenant: unknown, _logType: unknown, { contentId }: Member, file: string) => {
    const records = this.blobs.find((blob) => blob.contentId === contentId)?.records ?? [];
    if (!this.isInMemory) this.files.write(file, records);
    const content = this.isInMemory ? { content: Buffer.from(JSON.stringify(records)) } : {};
    return this.answer(`fetch ${contentId}`, { bytes: 100, ...content }, this.onFetch(contentId));
  };

  probeWindow = (_tenant: unknown, _logType: unknown, window: Window) =>
    this.answer<'empty' | 'rows'>('probe', this.within(window).length > 0 ? 'rows' : 'empty', this.onProbe(window));

  fetchWindow = (_tenant: unknown, _logType: unknown, window: Window, folder: string, maxPages: number) => {
    if (this.pagesNeeded > maxPages) return Promise.resolve({ kind: 'too-many-pages' } as const);
    this.files.write(
      `${folder}/page-0.json`,
      this.within(window).map(({ id }) => id),
    );
    return this.answer<FetchedWindow>('window', { files: [`${folder}/page-0.json`] }, this.onWindow(window));
  };

  private within(window: Window) {
    return this.rows.filter(({ at }) => at >= window.start && at < window.end);
  }

  private answer<T>(call: string, value: T, instead?: Refusal): Promise<Answer<T>> {
    this.calls.push(call);
    return Promise.resolve(instead ?? { kind: 'ok', value });
  }
}
