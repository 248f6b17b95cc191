import { expect, test } from '@playwright/test';
import { launchApp } from '../support/electron';

test('a value that makes no sense on the command line ends the app with a word, not with a box', async () => {
  await expect(launchApp({ args: ['--simulator=maybe'] })).rejects.toThrow(
    'Porthole cannot start: --simulator is "on", "off" or "ephemeral", not "maybe"',
  );
});
