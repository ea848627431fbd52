import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { manifestSchema } from '@locscale/daemon/networks';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
