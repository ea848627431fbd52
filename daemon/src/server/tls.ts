import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { LocScaleError } from '@chimerax-like/rpc';

/** A listener for other machines, beside the one for this machine. */
export interface RemoteOptions {
  /** Address of this machine to listen on; `0.0.0.0` and `::` are all of them. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Certificate (chain) and private key, PEM files. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** What TLS needs, and the names under which the certificate lets this daemon be called. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  /** As they stand in a Host header, without the port. */
  readonly names: readonly string[];
}

/** Reads certificate and key, and refuses what no client could accept or what everybody could read. */
export async function readIdentity({ certFile, keyFile }: RemoteOptions, now = new Date()): Promise<Identity> {
  const [cert, key] = await Promise.all([readPem(certFile), readPem(keyFile)]);
  const { mode } = await stat(keyFile);
  if (process.platform !== 'win32' && (mode & 0o007) !== 0)
    throw new LocScaleError(
      'access.denied',
      `The key file ${keyFile} can be read by every user (mode ${(mode & 0o777).toString(8)}, expected 600); run: chmod 600 ${keyFile}`,
    );
  const certificate = parseCertificate(cert, certFile);
  if (new Date(certificate.validTo) < now)
    throw new LocScaleError(
      'input.parameter',
      `The certificate ${certFile} ended on ${certificate.validTo}; get a new one.`,
    );
  const names = subjectNames(certificate.subjectAltName ?? '');
  if (names.length === 0)
    throw new LocScaleError(
      'input.parameter',
      `The certificate ${certFile} names no host (subjectAltName), so no client would accept it; get one for this machine’s name.`,
    );
  try {
    createSecureContext({ cert, key });
    return { cert, key, names };
  } catch (cause) {
    throw new LocScaleError(
      'input.parameter',
      `The key ${keyFile} does not belong to the certificate ${certFile}, or has a password; give the pair, without one.`,
      {},
      { cause },
    );
  }
}

async function readPem(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LocScaleError(
      'input.missing',
      `The file ${path} cannot be read; give the path of a PEM file.`,
      {},
      { cause },
    );
  });
}

function parseCertificate(cert: string, path: string): X509Certificate {
  try {
    return new X509Certificate(cert);
  } catch (cause) {
    throw new LocScaleError('input.parameter', `The file ${path} holds no certificate in PEM form.`, {}, { cause });
  }
}

/** `DNS:gpu.example.org, IP Address:192.0.2.7` as names of hosts; wildcards are no names. */
export function subjectNames(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => /^\s*(?:DNS|IP Address):(\S+)\s*$/.exec(entry)?.[1]?.toLowerCase())
    .filter((name) => name !== undefined && !name.includes('*'))
    .map((name) => (name?.includes(':') ? `[${shortIpv6(name)}]` : (name ?? '')));
}

/** Certificates are printed with all eight groups; a Host header has the short form. */
const shortIpv6 = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);
