/**
 * Puts the word `sharpen` before a command line that names no command, so that `locscale -hm …` means `locscale sharpen
 * -hm …` as users of LocScale write it. Help and version of the program itself stay as they are.
 */
export function withCommandWord(argv: readonly string[], commands: readonly string[]): readonly string[] {
  const first = argv[0];
  if (first === undefined || commands.includes(first)) return argv;
  if (['-h', '--help', '-V', '--version', 'help'].includes(first)) return argv;
  return first.startsWith('-') ? ['sharpen', ...argv] : argv;
}
