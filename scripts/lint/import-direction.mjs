import { relative, sep } from 'node:path';
import { importFault } from './rooms.mjs';

/**
 * ESLint rule: imports run only in the directions of docs/architecture.md's table.
 * @type {import('eslint').Rule.RuleModule}
 */
export const importDirection = {
  meta: {
    type: 'problem',
    docs: { description: 'Imports run only in the directions of docs/architecture.md.' },
    schema: [],
    messages: { fault: '{{ fault }}' },
  },
  create(context) {
    const from = relative(context.cwd, context.filename).split(sep).join('/');

    /** @param {{ readonly source?: unknown }} holder node of any statement or expression that names a module */
    const check = (holder) => {
      const source = /** @type {import('estree').Node | null | undefined} */ (holder.source);
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const fault = importFault(from, source.value);
      if (fault !== null) context.report({ node: source, messageId: 'fault', data: { fault } });
    };

    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      // import('./x.js').T in a type
      TSImportType: check,
    };
  },
};
