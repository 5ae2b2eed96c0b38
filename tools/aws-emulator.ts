/** Starts the AWS emulator that the tests run on: MiniStack from PyPI, in a virtual environment of its own. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

/** A running emulator, of this process alone. */
export interface Emulator {
  readonly endpoint: string;
  /** For clients and the CDK CLI: endpoint, fake credentials and a region. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the emulator itself; its workers are children of it. */
  readonly pid: number;
  /** Its own log; kept when it stops. */
  readonly logFile: string;
  readonly stop: () => Promise<void>;
}

/** How strict the emulator is. */
export interface EmulatorOptions {
  /**
   * Roles may do what their policies allow and nothing else; policies of buckets and queues hold. It speaks TLS then, which those
   * policies ask for, and this process trusts its certificate from then on.
   */
  readonly isEnforcing?: boolean;
}

/**
 * Starts one on a free port; the first call on a machine installs it.
 *
 * @throws When Python 3.10 is missing or the emulator does not answer; the message names its log.
 */
export async function startEmulator({ isEnforcing = false }: EmulatorOptions = {}): Promise<Emulator> {
  const python = await preparePython();
  const port = await freePort();
  const endpoint = `${isEnforcing ? 'https' : 'http'}://127.0.0.1:${String(port)}`;
  // Outside of the repo: functions are unpacked here, and must find no package that is not in their bundle.
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-aws-'));
  const logFile = join(root, 'build', 'aws-emulator-logs', `${String(port)}.log`);
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, 'w');
  const child = spawn(join(dirname(python), 'ministack'), [], {
    // A process group of its own, so that what it starts is stopped with it.
    detached: true,
    cwd: folder,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...emulatorEnv(port, folder), ...(isEnforcing && { AUTH: 'true', USE_SSL: '1' }) },
  });
  await log.close();
  const { pid } = child;
  if (pid === undefined) throw new Error(`the emulator did not start; see ${logFile}`);
  // It makes the certificate itself, before it listens.
  const certificate = isEnforcing ? join(folder, 'ministack-tls', 'server.crt') : undefined;
  await untilReady(endpoint, child, logFile, certificate);
  return {
    endpoint,
    env: { ...clientEnv(endpoint), ...(certificate !== undefined && { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate }) },
    pid,
    logFile,
    stop: async () => {
      await stop(child, pid);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function emulatorEnv(port: number, folder: string): Record<string, string> {
  return {
    // Functions are run by the first `node` there: ours, the version they are deployed for.
    PATH: `${join(root, 'node_modules', 'node', 'bin')}:${process.env.PATH ?? ''}`,
    HOME: folder,
    TMPDIR: folder,
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: 'local',
    IOT_MTLS_ENABLED: '0',
    LOG_LEVEL: 'INFO',
  };
}

function clientEnv(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    CI: '1',
  };
}

/** The interpreter with everything in requirements.txt; made when it is not there, or when the list has changed. */
async function preparePython(): Promise<string> {
  const list = join(import.meta.dirname, 'aws-emulator', 'requirements.txt');
  const wanted = createHash('sha256')
    .update(await readFile(list))
    .digest('hex');
  const folder = join(root, 'build', 'aws-emulator');
  const [python, stamp] = [join(folder, 'bin', 'python'), join(folder, 'requirements.sha256')];
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return python;
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]).catch((error: unknown) => {
    throw new Error('the AWS emulator needs python3 (3.10 or later) with its venv module', { cause: error });
  });
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', list]);
  await writeFile(stamp, wanted);
  return python;
}

async function untilReady(endpoint: string, child: ChildProcess, logFile: string, certificate: string | undefined): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with ${String(child.exitCode)}; see ${logFile}`);
    if (certificate !== undefined && existsSync(certificate)) await trust(certificate);
    const isReady = await fetch(`${endpoint}/_ministack/health`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (isReady) return;
    await setTimeout(100);
  }
  throw new Error(`the emulator is not ready after 30 s; see ${logFile}`);
}

async function trust(certificate: string): Promise<void> {
  setDefaultCACertificates([...rootCertificates, await readFile(certificate, 'utf8')]);
}

async function stop(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-pid, 'SIGTERM');
  const isEnded = await Promise.race([ended.then(() => true), setTimeout(5_000, false, { ref: false })]);
  if (!isEnded) process.kill(-pid, 'SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
