import { describe, expect, it } from 'vitest';
import { remoteArguments, remoteOptions } from './remote.js';

const tls = { tlsCert: '/etc/cert.pem', tlsKey: '/etc/key.pem' };

describe('options for other machines', () => {
  it('are none, or all three', () => {
    expect(remoteOptions({})).toBeUndefined();
    for (const some of [{ remote: '0.0.0.0:8443' }, tls, { remote: '0.0.0.0:8443', tlsCert: '/c' }])
      expect(() => remoteOptions(some)).toThrow(/--remote ADDRESS:PORT, --tls-cert FILE and --tls-key FILE/);
  });

  it('come out of the arguments for another process as they went in', () => {
    for (const remote of ['0.0.0.0:8443', '[::]:8443', 'gpu.example.org:443']) {
      const options = remoteOptions({ ...tls, remote });
      const [, again = '', , tlsCert = '', , tlsKey = ''] = remoteArguments(options);
      expect(again).toBe(remote);
      expect(remoteOptions({ remote: again, tlsCert, tlsKey })).toEqual(options);
    }
    expect(remoteArguments(undefined)).toEqual([]);
  });

  it.each(['8443', '0.0.0.0', '0.0.0.0:', '::1:8443', '0.0.0.0:99999', 'a:b:1'])('%s is no address', (remote) => {
    expect(() => remoteOptions({ ...tls, remote })).toThrow(/expected ADDRESS:PORT/);
  });
});
