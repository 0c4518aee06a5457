const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/al2023/i, "Amazon Linux 2023"],
  [/amzn2/i, "Amazon Linux 2"],
  [/ubuntu.*24\.04/i, "Ubuntu 24.04"],
  [/ubuntu.*22\.04/i, "Ubuntu 22.04"],
  [/windows.*2025/i, "Microsoft Windows Server 2025"],
  [/windows.*2022/i, "Microsoft Windows Server 2022"],
];

/** What inventory would call the operating system, told from the parent AMI's name; instances are simulated. */
export const osVersion = (parentName: string): string =>
  KNOWN.find(([pattern]) => pattern.test(parentName))?.[1] ?? "Linux";
