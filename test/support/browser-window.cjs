// A browser for tests: one window on the URL that is given last, with nothing of the app's own in it.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  return window.loadURL(process.argv.at(-1));
});
app.on('window-all-closed', () => app.quit());
