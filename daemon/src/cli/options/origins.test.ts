import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addOriginOption, originArguments, type OriginFlags, originsOf } from './origins.js';

function parse(...args: readonly string[]): OriginFlags {
  const command = addOriginOption(new Command()).exitOverride();
  return command.parse(args, { from: 'user' }).opts<OriginFlags>();
}

describe('--origin', () => {
  it('may be given again, and is handed on as it is', () => {
    const flags = parse('--origin', 'http://localhost:5173', '--origin', 'https://viewer.example.org');
    expect(originsOf(flags)).toEqual(['http://localhost:5173', 'https://viewer.example.org']);
    expect(originsOf(parse(...originArguments(flags)))).toEqual(originsOf(flags));
    expect(originArguments(parse())).toEqual([]);
  });

  it.each([
    ['http://localhost:5173/', 'browsers send them: http://localhost:5173.'],
    ['https://viewer.example.org:443', 'browsers send them: https://viewer.example.org.'],
    ['localhost:5173', 'e.g. http://localhost:5173.'],
    ['*', 'e.g. http://localhost:5173.'],
    ['null', 'e.g. http://localhost:5173.'],
  ])('refuses %s, which no browser sends', (origin, message) => {
    expect(() => parse('--origin', origin)).toThrow(message);
  });
});
