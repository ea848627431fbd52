import { visibleText } from '../visible-text.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for the inside of an element or of a quoted attribute. */
export const escaped = (text: string): string =>
  visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** `<name key="value">` with escaped values; a null value leaves the attribute out. */
export const open = (name: string, attributes: Readonly<Record<string, string | number | null>> = {}): string =>
  `<${name}${Object.entries(attributes)
    .flatMap(([key, value]) => (value === null ? [] : [` ${key}="${escaped(String(value))}"`]))
    .join('')}>`;

/** An element around markup that is escaped already. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | number | null>>,
  ...inside: readonly string[]
): string => `${open(name, attributes)}${inside.join('')}</${name}>`;
