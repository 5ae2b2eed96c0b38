import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and a certificate of its own, made for one test, so that no private key stands in the repository. PEM, and SHA-256 of the DER. */
export function selfSigned(
  name: string,
  kind: 'ec' | 'rsa' = 'ec',
): { readonly privateKey: string; readonly certificate: string; readonly der: Buffer } {
  const { privateKey, publicKey } =
    kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const algorithm = kind === 'ec' ? ecdsaWithSha256 : rsaWithSha256;
  const subject = sequence(set(sequence(objectId('550403'), tagged(0x0c, Buffer.from(name)))));
  const validity = sequence(tagged(0x17, Buffer.from('260101000000Z')), tagged(0x17, Buffer.from('360101000000Z')));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const version3 = tagged(0xa0, integer(2));
  const toSign = sequence(version3, integer(1), algorithm, subject, validity, subject, spki);
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', toSign, privateKey)]));
  const der = sequence(toSign, algorithm, signature);
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    der,
  };
}

/** DER: a tag, the length, the content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const long = length > 0xff ? [0x82, length >> 8, length & 0xff] : [0x81, length];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const set = (part: Buffer): Buffer => tagged(0x31, part);
const integer = (value: number): Buffer => tagged(0x02, Buffer.from([value]));
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));
const rsaWithSha256 = sequence(objectId('2a864886f70d01010b'), tagged(0x05, Buffer.alloc(0)));
