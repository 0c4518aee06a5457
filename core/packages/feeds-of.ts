import type { DebianFeed, Feed, RpmFeed } from "./feed.ts";
import type { FeedMirrors } from "./feed-mirrors.ts";
import { type Architecture, type OperatingSystem, packageArchitecture } from "./operating-system.ts";
import { debianKeys, ubuntuKeys } from "./vendor-keys.ts";

/**
 * The feeds that say which packages of an operating system a vendor has fixed. All of them have to be read to know.
 * @param release of Amazon Linux 2023: `latest`, or one such as `2023.8.20260413`; the others have none
 * @param mirrors addresses to read instead of the vendors'; the layout below them is the vendor's
 */
export function feedsOf(
  os: OperatingSystem,
  architecture: Architecture,
  release: string,
  mirrors: FeedMirrors,
): Feed[] {
  const rpm = packageArchitecture("rpm", architecture);
  const given = mirrors[os];
  const base = (vendors: string): string => (given?.url ?? vendors).replace(/\/+$/, "");
  const keys = (vendors: readonly string[]) => (given?.url || given?.keys.length ? (given?.keys ?? []) : vendors);
  const rpmFeed = (address: RpmFeed["address"], url: string): RpmFeed => ({
    kind: "rpm",
    address,
    url,
    keys: keys([]),
  });
  const debianFeed = (archive: string, suite: string, rest: Pick<DebianFeed, "components" | "keys">): DebianFeed => ({
    kind: "debian",
    url: `${base(archive)}/dists/${suite}/InRelease`,
    suite,
    architecture: packageArchitecture("dpkg", architecture),
    components: rest.components,
    keys: keys(rest.keys),
  });
  const ubuntu = (codename: string): Feed[] => [
    debianFeed(ubuntuArchive(architecture), `${codename}-security`, { components: ubuntuComponents, keys: ubuntuKeys }),
  ];
  const debian = (codename: string): Feed[] => [
    debianFeed("https://deb.debian.org/debian-security", `${codename}-security`, {
      components: debianComponents,
      keys: debianKeys,
    }),
  ];
  switch (os) {
    case "al2023":
      return [
        rpmFeed(
          "mirror-list",
          `${base("https://cdn.amazonlinux.com/al2023")}/core/mirrors/${release}/${rpm}/mirror.list`,
        ),
      ];
    case "al2":
      return [rpmFeed("mirror-list", `${base("https://cdn.amazonlinux.com/2")}/core/latest/${rpm}/mirror.list`)];
    case "ubuntu-2204":
      return ubuntu("jammy");
    case "ubuntu-2404":
      return ubuntu("noble");
    case "debian-12":
      return debian("bookworm");
    case "debian-13":
      return debian("trixie");
    case "rocky-9":
      return enterpriseRepositories.map((repository) =>
        rpmFeed("repomd", `${base("https://dl.rockylinux.org/pub/rocky")}/9/${repository}/${rpm}/os/${REPOMD}`),
      );
    case "alma-9":
      return enterpriseRepositories.map((repository) =>
        rpmFeed("repomd", `${base("https://repo.almalinux.org/almalinux")}/9/${repository}/${rpm}/os/${REPOMD}`),
      );
  }
}

const REPOMD = "repodata/repomd.xml";
const enterpriseRepositories = ["BaseOS", "AppStream"];
const ubuntuComponents = ["main", "restricted", "universe", "multiverse"];
const debianComponents = ["main", "contrib", "non-free-firmware", "non-free"];

/** Ubuntu serves x86 from one archive and all else from another. Both by HTTP: what they say is signed. */
const ubuntuArchive = (architecture: Architecture): string =>
  architecture === "x86_64" ? "http://security.ubuntu.com/ubuntu" : "http://ports.ubuntu.com/ubuntu-ports";
