/** Loaded into the program before it starts, so that the bench can ask it what it asks every other process. */
import { serve } from './child.ts';
import { usageApi } from './usage.ts';

export type ProbeApi = typeof usageApi;

void serve(async () => ({ api: usageApi, close: async () => {} }));
