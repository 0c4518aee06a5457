import type { ImageScanFinding, SeverityCounts } from "@aws-sdk/client-imagebuilder";

/** Counts of medium and above; `all` counts every finding, those below included (API reference, SeverityCounts). */
export function severityCounts(findings: readonly ImageScanFinding[]): SeverityCounts {
  const count = (severity: string): number => findings.filter((one) => one.severity === severity).length;
  return { all: findings.length, critical: count("CRITICAL"), high: count("HIGH"), medium: count("MEDIUM") };
}
