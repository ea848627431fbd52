import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const fixture = fileURLToPath(new URL('fixtures/typed-api.ts', import.meta.url));
const base = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));

test('the typed client and server compile where they should and nowhere else', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile(base, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(base));
  const program = ts.createProgram([fixture], { ...options, composite: false, declarationMap: false, noEmit: true });
  const complaints = ts.getPreEmitDiagnostics(program).map((d) => {
    const line = d.file === undefined ? '' : `line ${d.file.getLineAndCharacterOfPosition(d.start ?? 0).line + 1}: `;
    return line + ts.flattenDiagnosticMessageText(d.messageText, '\n');
  });
  expect(complaints).toEqual([]);
});
