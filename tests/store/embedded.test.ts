import { describe } from '@jest/globals';
import { openEmbedded } from '../../src/store/embedded.ts';
import { temporaryFolder } from '../support/folder.ts';
import { storeContract } from './contract.ts';
import { killedWriter } from './killed-writer.ts';

describe('the embedded store', () => {
  storeContract(async () => {
    const folder = temporaryFolder();
    return {
      open: ({ retention, ...options } = {}) =>
        openEmbedded({
          path: folder.path,
          retention: { stories: 1000, hours: 72, ...retention },
          ...options,
        }),
      close: async () => folder.remove(),
    };
  });

  killedWriter(async () => {
    const folder = temporaryFolder();
    return { where: folder.path, close: async () => folder.remove() };
  });
});
