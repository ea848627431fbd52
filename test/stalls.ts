/**
 * For tests that hold the program to a time which users were promised. A busy machine can stall any one attempt for longer; a
 * program that is really too slow fails all three.
 */
export const stalls = { retry: 2 } as const;
