import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type BrowserWindow, type Rectangle, screen } from 'electron';

interface WindowState {
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

const standard = { width: 1280, height: 800 };

/** Where the window was when it was closed, if that place is still on a screen. */
export function readWindowState(file: string): { bounds: Partial<Rectangle>; maximized: boolean } {
  try {
    const { bounds, maximized }: WindowState = JSON.parse(readFileSync(file, 'utf8'));
    const { x, y, width, height } = screen.getDisplayMatching(bounds).workArea;
    const visible = bounds.x < x + width && bounds.x + bounds.width > x && bounds.y < y + height && bounds.y >= y;
    return { bounds: visible ? bounds : standard, maximized: maximized === true };
  } catch {
    // The first start, or a file that somebody damaged: nothing worth a word.
    return { bounds: standard, maximized: false };
  }
}

/** Keeps the window's place in a file when it is closed. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  });
}
