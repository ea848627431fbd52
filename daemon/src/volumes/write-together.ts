/**
 * Writes several files at the same time so that all appear or none: each writer puts its file on the disk under a hidden name, then
 * waits for `whole`, which lets all go on once every file is there. When one fails, the others end with its error and leave nothing.
 */
export async function writeTogether(
  writers: readonly ((whole: () => Promise<void>) => Promise<void>)[],
): Promise<void> {
  let missing = writers.length;
  const failures: unknown[] = [];
  let [go, stop]: [() => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const all = new Promise<void>((resolve, reject) => ([go, stop] = [resolve, reject]));
  // Nobody may be waiting yet when a writer fails.
  all.catch(() => undefined);
  const whole = (): Promise<void> => {
    if (--missing === 0) go();
    return all;
  };
  const end = async (writer: (whole: () => Promise<void>) => Promise<void>): Promise<void> => {
    try {
      await writer(whole);
    } catch (error) {
      failures.push(error);
      stop(error);
    }
  };
  await Promise.all(writers.map(end));
  if (failures.length > 0) throw failures[0];
}
