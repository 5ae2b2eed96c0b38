/** Runs `aws s3api` commands as a page prints them, through the SDK: words become parameters by the names that both share. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

const commands: Readonly<Record<string, new (input: never) => object>> = {
  'delete-object': DeleteObjectCommand,
  'get-object': GetObjectCommand,
  'head-object': HeadObjectCommand,
  'list-object-versions': ListObjectVersionsCommand,
  'put-object': PutObjectCommand,
};

/** The commands of the fenced block after a heading of a page. */
export function commandsUnder(page: string, heading: string): string[] {
  const block = /```\n([\s\S]*?)```/.exec(page.split(`\n### ${heading}\n`)[1] ?? '')?.[1];
  if (block === undefined) throw new Error(`the page has no commands under '${heading}'`);
  return block.trim().split('\n');
}

/** @param words What stands for the page's words in capitals. @param folder Where files are. @returns The answer. */
export async function runS3api(
  client: S3Client,
  line: string,
  words: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, unknown>> {
  const filled = line.replace(/\b[A-Z_]{3,}\b/g, (word) => words[word] ?? word);
  const [aws, s3api, name = '', ...rest] = filled.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
  const Made = commands[name];
  if (aws !== 'aws' || s3api !== 's3api' || !Made) throw new Error(`'${line}' is no command that is known here`);
  const { input, query, into, out } = await inputOf(rest, folder);
  const answer = (await client.send(new Made(input as never) as never)) as unknown as Record<string, unknown> & GetAnswer;
  if (into !== undefined) await writeFile(join(folder, into), (await answer.Body?.transformToByteArray()) ?? '');
  if (out !== undefined) await writeFile(join(folder, out), JSON.stringify(query === undefined ? answer : answer[query]));
  return answer;
}

interface GetAnswer {
  readonly Body?: { transformToByteArray(): Promise<Uint8Array> };
}

async function inputOf(words: readonly string[], folder: string) {
  const input: Record<string, unknown> = {};
  let [query, into, out]: (string | undefined)[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', value = ''] = [words[index], words[index + 1]];
    if (!word.startsWith('--') && word !== '>') {
      into = word;
      continue;
    }
    index += 1;
    if (word === '>') out = value;
    else if (word === '--query') query = value;
    else input[parameterOf(word)] = await valueOf(word, value, folder);
  }
  return { input, query, into, out };
}

/** `--copy-source` is CopySource. */
const parameterOf = (option: string): string => option.slice(2).replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

async function valueOf(option: string, value: string, folder: string): Promise<unknown> {
  if (option === '--body') return readFile(join(folder, value));
  if (value.startsWith('file://')) return JSON.parse(await readFile(join(folder, value.slice('file://'.length)), 'utf8')) as unknown;
  return option.endsWith('-date') ? new Date(value) : value;
}
