/**
 * Text from outside (file names, messages) with what cannot be seen made visible: control characters, marks that reverse the
 * direction of writing (a name can pretend to be another one with them), and lone surrogates.
 */
export const visibleText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu, (character) => codePoint(character));

export const codePoint = (character: string): string =>
  `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
