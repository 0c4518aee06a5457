const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** A size as people read it: `912 MiB`, `7.4 GiB`. */
export function sayBytes(bytes: number): string {
  const unit = bytes > 0 ? Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1) : 0;
  const value = bytes / 1024 ** unit;
  return `${unit === 0 || value >= 10 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit]}`;
}
