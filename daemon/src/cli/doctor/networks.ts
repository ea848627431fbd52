import { probeProviders, type ProviderState } from '../../networks/index.js';
import { type Check, ok, warning } from './check.js';

/** What can compute networks. Without any, sharpening against a reference map works all the same. */
export async function checkNetworks(): Promise<Check> {
  const states = await probeProviders();
  const used = states.filter(({ works }) => works).map(({ provider }) => provider);
  const text = [used.join(', '), ...states.filter(({ works }) => !works).map(notUsed)].filter((part) => part !== '');
  return used.includes('cpu')
    ? ok('Networks', `onnxruntime computes on ${text.join('; ')}`)
    : warning(
        'Networks',
        `onnxruntime does not work here (${text.join('; ')}); run \`npm run setup\` again, or scale against a reference map (-mm).`,
      );
}

const notUsed = ({ provider, reason }: ProviderState): string => `${provider}: ${reason}`;
