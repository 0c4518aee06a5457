/** Installed packages as rpm and dpkg would tell them; versions are examples. */
export interface ExamplePackage {
  readonly name: string;
  readonly epoch?: string;
  readonly version: string;
  readonly release?: string;
  readonly architecture: string;
  readonly source: string;
}

const rpm = (name: string, version: string, release: string, source = name): ExamplePackage => ({
  name,
  epoch: "0",
  version,
  release: `${release}.amzn2023`,
  architecture: "x86_64",
  source,
});

const deb = (name: string, version: string, source = name): ExamplePackage => ({
  name,
  version,
  architecture: "amd64",
  source,
});

/** What the vendors had published by Patch Tuesday, and before it. */
const al2023 = (patched: boolean): ExamplePackage[] => [
  rpm("kernel6.12", patched ? "6.12.79" : "6.12.74", patched ? "101.147" : "98.123"),
  rpm("openssl-libs", "3.2.2", patched ? "3.5" : "3.4", "openssl"),
  rpm("openssh-server", patched ? "9.9p2" : "9.9p1", "2", "openssh"),
  rpm("glibc", "2.34", "231"),
  rpm("systemd", "252.23", "11"),
  rpm("amazon-ssm-agent", patched ? "3.3.4121.0" : "3.3.3883.0", "1"),
];

const ubuntu2404 = (patched: boolean): ExamplePackage[] => [
  deb("linux-image-aws", patched ? "6.14.0-1031.31" : "6.14.0-1027.27", "linux-meta-aws"),
  deb("libssl3t64", patched ? "3.0.13-0ubuntu3.9" : "3.0.13-0ubuntu3.7", "openssl"),
  deb("openssh-server", "1:9.6p1-3ubuntu13.15", "openssh"),
  deb("libc6", "2.39-0ubuntu8.7", "glibc"),
  deb("systemd", "255.4-1ubuntu8.12"),
];

/** What lies in an image built at `patched` time or before; the web server's on top of its base's. */
export function examplePackages(image: string, patched: boolean): ExamplePackage[] {
  if (image.includes("ubuntu")) return ubuntu2404(patched);
  const base = al2023(patched);
  return image.endsWith("web") ? [...base, rpm("nginx", patched ? "1.28.3" : "1.28.2", "1")] : base;
}
