import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Operations } from "../../../engine/operation.ts";
import { toPredicate } from "../filters.ts";

/** The properties of a family that launches and their tools use (EC2 instance types guide, "Specifications"). */
interface Family {
  readonly architecture: Sdk.ArchitectureType;
  readonly current: boolean;
  readonly hypervisor: "nitro" | "xen";
  readonly burstable: boolean;
  /** vCPUs and MiB by size. */
  readonly sizes: Readonly<Record<string, readonly [vcpus: number, mebibytes: number]>>;
}

const BURSTABLE = {
  nano: [2, 512],
  micro: [2, 1_024],
  small: [2, 2_048],
  medium: [2, 4_096],
  large: [2, 8_192],
  xlarge: [4, 16_384],
  "2xlarge": [8, 32_768],
} as const;

/** Sizes with doubling vCPUs, each with `perVcpu` MiB. */
const sized = (names: readonly string[], perVcpu: number): Family["sizes"] =>
  Object.fromEntries(names.map((name) => [name, [VCPUS[name] ?? 0, (VCPUS[name] ?? 0) * perVcpu]]));

const VCPUS: Readonly<Record<string, number>> = {
  medium: 1,
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
  "9xlarge": 36,
  "12xlarge": 48,
  "16xlarge": 64,
  "18xlarge": 72,
  "24xlarge": 96,
};

const COMMON = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"];
const C5 = ["large", "xlarge", "2xlarge", "4xlarge", "9xlarge", "12xlarge", "18xlarge", "24xlarge"];
const GRAVITON = ["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const GIB = 1_024;

const x86 = { architecture: "x86_64", current: true, hypervisor: "nitro", burstable: false } as const;
const arm = { ...x86, architecture: "arm64" } as const;

const FAMILIES: Readonly<Record<string, Family>> = {
  t2: {
    ...x86,
    hypervisor: "xen",
    burstable: true,
    sizes: { ...BURSTABLE, nano: [1, 512], micro: [1, 1_024], small: [1, 2_048] },
  },
  t3: { ...x86, burstable: true, sizes: BURSTABLE },
  t3a: { ...x86, burstable: true, sizes: BURSTABLE },
  t4g: { ...arm, burstable: true, sizes: BURSTABLE },
  m1: { ...x86, current: false, hypervisor: "xen", sizes: { small: [1, 1_740] } },
  m5: { ...x86, sizes: sized(COMMON, 4 * GIB) },
  m5a: { ...x86, sizes: sized(COMMON, 4 * GIB) },
  m6i: { ...x86, sizes: sized(COMMON, 4 * GIB) },
  m6a: { ...x86, sizes: sized(COMMON, 4 * GIB) },
  m7i: { ...x86, sizes: sized(COMMON, 4 * GIB) },
  m6g: { ...arm, sizes: sized(GRAVITON, 4 * GIB) },
  m7g: { ...arm, sizes: sized(GRAVITON, 4 * GIB) },
  c5: { ...x86, sizes: sized(C5, 2 * GIB) },
  c6i: { ...x86, sizes: sized(COMMON, 2 * GIB) },
  c6a: { ...x86, sizes: sized(COMMON, 2 * GIB) },
  c7i: { ...x86, sizes: sized(COMMON, 2 * GIB) },
  c6g: { ...arm, sizes: sized(GRAVITON, 2 * GIB) },
  c7g: { ...arm, sizes: sized(GRAVITON, 2 * GIB) },
  r5: { ...x86, sizes: sized(COMMON, 8 * GIB) },
  r6i: { ...x86, sizes: sized(COMMON, 8 * GIB) },
  r6g: { ...arm, sizes: sized(GRAVITON, 8 * GIB) },
  r7g: { ...arm, sizes: sized(GRAVITON, 8 * GIB) },
};

const TYPES: ReadonlyMap<string, Sdk.InstanceTypeInfo> = new Map(
  Object.entries(FAMILIES).flatMap(([family, about]) =>
    Object.entries(about.sizes).map(([size, [vcpus, mebibytes]]): [string, Sdk.InstanceTypeInfo] => [
      `${family}.${size}`,
      {
        InstanceType: `${family}.${size}` as NonNullable<Sdk.InstanceTypeInfo["InstanceType"]>,
        AutoRecoverySupported: true,
        BareMetal: false,
        BurstablePerformanceSupported: about.burstable,
        CurrentGeneration: about.current,
        DedicatedHostsSupported: !about.burstable,
        EbsInfo: {
          EncryptionSupport: "supported",
          NvmeSupport: about.hypervisor === "nitro" ? "required" : "unsupported",
        },
        FreeTierEligible: size === "micro" && (family === "t2" || family === "t3"),
        HibernationSupported: about.architecture === "x86_64" && about.current,
        Hypervisor: about.hypervisor,
        InstanceStorageSupported: family === "m1",
        MemoryInfo: { SizeInMiB: mebibytes },
        ProcessorInfo: { SupportedArchitectures: [about.architecture] },
        SupportedRootDeviceTypes: ["ebs"],
        SupportedUsageClasses: ["on-demand", "spot"],
        SupportedVirtualizationTypes: ["hvm"],
        VCpuInfo: { DefaultVCpus: vcpus },
      },
    ]),
  ),
);

export const operations = {
  /** The common families; launches do not use this. */
  DescribeInstanceTypes: {
    list: { items: "InstanceTypes", usual: 100 },
    run({ InstanceTypes = [], Filters }) {
      const missing = InstanceTypes.filter((name) => !TYPES.has(name));
      if (missing.length > 0) {
        throw new AwsError(
          "InvalidInstanceType",
          `The following supplied instance types do not exist: [${missing.join(", ")}]`,
        );
      }
      const passes = toPredicate<Sdk.InstanceTypeInfo>(Filters, {
        "bare-metal": (type) => String(type.BareMetal),
        "burstable-performance-supported": (type) => String(type.BurstablePerformanceSupported),
        "current-generation": (type) => String(type.CurrentGeneration),
        "free-tier-eligible": (type) => String(type.FreeTierEligible),
        hypervisor: (type) => type.Hypervisor,
        "instance-type": (type) => type.InstanceType,
        "memory-info.size-in-mib": (type) => String(type.MemoryInfo?.SizeInMiB),
        "processor-info.supported-architecture": (type) => type.ProcessorInfo?.SupportedArchitectures,
        "supported-root-device-type": (type) => type.SupportedRootDeviceTypes,
        "supported-usage-class": (type) => type.SupportedUsageClasses,
        "supported-virtualization-type": (type) => type.SupportedVirtualizationTypes,
        "vcpu-info.default-vcpus": (type) => String(type.VCpuInfo?.DefaultVCpus),
      });
      const asked = [...TYPES].filter(
        ([name]) => InstanceTypes.length === 0 || InstanceTypes.some((one) => one === name),
      );
      return { InstanceTypes: asked.map(([, type]) => type).filter(passes) };
    },
  },
} satisfies Operations<typeof Sdk>;
