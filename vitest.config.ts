import { defineConfig } from 'vitest/config';

/** Three groups: what runs under Node, what draws (in happy-dom), and what needs built programs or real clients. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: ['test/unit/renderer/**'],
          environment: 'node',
        },
      },
      {
        test: {
          name: 'renderer',
          include: ['test/unit/renderer/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Clusters and connections are whole processes: more than two at once only makes each slower.
          maxWorkers: 2,
          // After the quick ones; Vitest asks for a group of its own where the number of workers differs.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
