/** A package as Amazon Inspector has it in a finding. */
interface Vulnerable {
  /** Who assigned the severity. */
  readonly source: string;
  readonly score: number;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly fixedIn: string;
}

/** A critical finding of Amazon Inspector, which an update would fix. */
export const criticalFinding = (id: string, { source, score, name, version, release, fixedIn }: Vulnerable) => ({
  severity: "CRITICAL",
  title: `${id} - ${name}`,
  description: "An example finding: a fix is published that the image does not have.",
  type: "PACKAGE_VULNERABILITY",
  fixAvailable: "YES",
  inspectorScore: score,
  packageVulnerabilityDetails: {
    vulnerabilityId: id,
    source,
    vulnerablePackages: [{ name, version, release, arch: "X86_64", packageManager: "OS", fixedInVersion: fixedIn }],
  },
});
