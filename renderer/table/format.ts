const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in the largest binary unit that leaves a number of at least one: `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${short(value)} ${units[unit] ?? ''}`;
}

/** Cores, or thousandths of them below one: `250m`, `4`. */
export function formatCores(cores: number): string {
  return cores !== 0 && Math.abs(cores) < 1 ? `${Math.round(cores * 1000)}m` : short(cores);
}

function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
