import type { z } from 'zod';
import { quote } from './envelope/text.js';

/** One fault of a checked value, short enough for the wire. */
export interface Issue {
  /** Where, dotted: `inputs.halfMaps.0`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

const mostIssues = 10;
const longestText = 300;

/** The faults that zod found, in words that name the value seen and the value expected. At most ten, each bounded. */
export function describeIssues(error: z.ZodError): readonly Issue[] {
  return error.issues.slice(0, mostIssues).map((issue) => {
    const path = clip(issue.path.map(String).join('.'));
    return { path, message: clip(sentence(issue, path)) };
  });
}

function sentence(issue: z.core.$ZodIssue, path: string): string {
  const name = path === '' ? 'the value' : path;
  if (issue.code === 'unrecognized_keys') {
    const where = path === '' ? '' : ` in ${path}`;
    return `${issue.keys.slice(0, 3).map(quote).join(', ')}${where} is not known here`;
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${name} is missing (${issue.expected})`;
  if (issue.code === 'custom') return `${name}: ${issue.message}`;
  if (issue.code === 'invalid_union' && issue.message.includes('discriminator'))
    return `${name} is not ${issue.message.replace(/^.*Expected /, 'one of ')}`;
  const rule = issue.message.replace(/^(Invalid (input|string|option|key)|Too small|Too big): /, '');
  return `${name} is ${quote(issue.input)}: ${rule}`;
}

function clip(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
