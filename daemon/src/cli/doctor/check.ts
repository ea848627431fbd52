/** One finding of the doctor. */
export interface Check {
  readonly name: string;
  /** `warning`: works, but worth knowing; `failed`: sharpening cannot work until it is repaired. */
  readonly state: 'ok' | 'warning' | 'failed';
  /** One sentence; for `warning` and `failed` it ends with what to do. */
  readonly message: string;
}

export const ok = (name: string, message: string): Check => ({ name, state: 'ok', message });
export const warning = (name: string, message: string): Check => ({ name, state: 'warning', message });
export const failed = (name: string, message: string): Check => ({ name, state: 'failed', message });
