import type { UsedNetwork } from '@chimerax-like/rpc';
import { z } from 'zod';

const factsSchema = z.object({
  name: z.string(),
  sha256: z.string(),
  trainingData: z.string().nullable().default(null),
});
/** In the records of most recipes the network stands for itself; where it makes the reference, it is a parameter. */
const provenanceSchema = z.object({
  network: factsSchema.optional(),
  parameters: z.object({ network: factsSchema.optional().catch(undefined) }).optional(),
});

/** The network that a recipe's record names, or null. */
export function usedNetwork(provenance: Readonly<Record<string, unknown>>): UsedNetwork | null {
  const { data } = provenanceSchema.safeParse(provenance);
  return data?.network ?? data?.parameters?.network ?? null;
}
