/**
 * @returns The key, when it is one that landing-key.ts makes.
 * @throws When it could name a place outside of `raw/`, `quarantine/` and `manifests/`: keys come from our own tables and hashes, so this is a bug of ours.
 */
export function checkKey(key: string): string {
  if (/^(?:raw|quarantine|manifests)(?:\/[A-Za-z0-9_=-][A-Za-z0-9_=.-]*)+$/.test(key)) return key;
  throw new Error(
    `'${key}' is no key of the lake; keys are raw/..., quarantine/... and manifests/... of letters, digits, '_', '=', '-' and '.'`,
  );
}
