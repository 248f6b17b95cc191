import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';

/** The menu. Its Edit roles are what makes copy and paste keys work on macOS. */
export function setMenu(development: boolean): void {
  const mac = process.platform === 'darwin';
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  const tools: MenuItemConstructorOptions[] = [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  const template: MenuItemConstructorOptions[] = [
    mac ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: development ? [...view, ...tools] : view },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        {
          label: 'Kubernetes Documentation',
          click: () => void shell.openExternal('https://kubernetes.io/docs/home/'),
        },
        { label: `${app.name} ${app.getVersion()}`, enabled: false },
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
