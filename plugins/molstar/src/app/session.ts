export const openPageSession = (): Promise<string> =>
  Promise.resolve(new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
