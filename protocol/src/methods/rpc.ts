import { z } from 'zod';
import { method } from '../descriptor.js';

export const discover = method({
  name: 'rpc.discover',
  summary: 'Returns the OpenRPC document of this daemon.',
  params: z.strictObject({}),
  result: z.record(z.string(), z.unknown()),
  errors: [],
});

export const rpcMethods = [discover] as const;
