/**
 * The keys with which Debian and Ubuntu sign their security archives, as bare OpenPGP public key packets in base64. The
 * comment above each key is its fingerprint, which a test recomputes.
 */
export const ubuntuKeys = [
  // Ubuntu Archive Automatic Signing Key (2018)
  // F6ECB3762474EDA9D21B7022871920D1991BC93C
  "mQINBFufwdoBEADv/Gxytx/LcSXYuM0MwKojbBye81s0G1nEx+lz6VAUpIUZnbkqdXBHC+dwrGS/CeeLuAjPRLU8AoxE/jjvZVp8xFGEWHYdklqX" +
    "GZ/gJfP5d3fIUBtZHZEJl8B8m9pMHf/AQQdsC+YzizSG5t5Mhnotw044LXtdEEkx2t6Jz0OGrh+5IoxqX7pZiq6Cv19BohaUioKMdp7ES6RYfN7o" +
    "l6HSLFlrMXtVfh/ijpN9j3ZhVGVeRC8kKHQsJ5PkIbmvxBiUh7SJmfZUx0IQhNMaDHXfdZAGNtnhzzNReb1FqNLSVkrS/PnsAQzMhG1BDm2VOSF6" +
    "4jebKXffFqM5LXRQTeqTLsjUbbrqR6s/GCO8UF7jfUj6I7taLygmsHO/JD4jpKRC0gbpUBfaiJyLvuepx3kWoqL3sN0LhlMI80+fA7GTvoOx4tpq" +
    "VlzlE6TajYu+jfW3QpOFS5ewEMdL26hzxsZg/geZvTbArcP+OsJKRmhv4kNo6AydyHQ/3ZV/f3X9mT3/SPLbJaumkgp3Yzd6t5PeBu+ZQk/mN5WN" +
    "NuaihNEV7llb1ZhvY0Fxu9BVd/BNl0rzuxp3rIinB2TX2SCg7wE5xXkwXuQ/2eTDE0v0HlGntkuZjGowDZkxHZQSxZVOzdZCRVaX/WEFLpKa2AQp" +
    "w5RJrQ4oZ/OfifXyJzP27o03wQARAQAB",
];

/** For Ubuntu Pro's archives, from the package ubuntu-pro-client 31.2.3 (ubuntu-pro-esm-apps.gpg, ubuntu-pro-esm-infra.gpg). */
export const ubuntuProKeys = [
  // Ubuntu Apps Automatic Signing Key
  // E8A443CE358113D187BEE0E6AB01A101DB53907B
  "mQINBF3WVA4BEAC7MDr8HClfKptSd4VeB12Vy+Ao/4NpY2ITdkRed4vfh/4eBWWn3+in6So2ekweifACSxScB/M9zVObsI1cab7QPMkIiATNUfIyOEP7iN" +
    "WLX4+AytM1LP3bZo8OpghnLZNstCGbiRUO4CDNmCI04DOPCu9EVEO4WWNuWIMRwCLShDSf7CidJ2fn2TT/7vsmA4eI3YnAne+u8g4X2zMHQFkHANhylB0l" +
    "PyThXo5jaxHImzm4wf/2LF8f1Y1nRQObS2jcvYc3fm9B7iOGpyNAw3h6hrPKH5T9tY/ZoMtFHqn66J1CBSHbhDkEvA46X50su4yAHeSiEG/hMYG7SoHzmA" +
    "sjEXnvkTIE41WhmxlidQnRs2uWy34U7VmOpaidWn3R99fNHYOtSOB6bpIvls8snWSQ63jcFXnt05nVZsp/Ixzl0OqitynxDFwoxEwt3ZuCHwxbx2vZ+FiZ" +
    "XVFN7I0IyBDOEL6XS27FNaMCZ7Q/6z/ckdWto55E264OWf9lnw31bXFXHWSusRXWzD6FK8dqWgjtrWwRxlvF4jm688lqpjac6fFES3UKBhjyHXFGL/+HHZ" +
    "9CNxlLYF5QnXq1mGR0Ykw975u8KoOFSLBqsx+1a21m6dfzujY72Gq6Sju+9Yo1aOF+CNvTMYdRBoDL4sFj6VAmUsszMA5aAb+82pOCaDvGJQARAQAB",
  // Ubuntu Extended Security Maintenance Automatic Signing Key v2
  // 56F7650A24C9E9ECF87C4D8D4067E40313CB4B13
  "mQINBFy2kH0BEADl/2e2pULZaSRovd3E1i1cVk3zebzndHZm/hK8/Srx69ivw3pY680gFE/N3s3R/C5Jh9ThdD1zpGmxVdqcABSPmW1FczdFZY2E37HMH7" +
    "Uijs4CsnFs8nrNGQaqX/T1g2fQqjia3zkabMeehUEZC5GPYjpeeFW6Wy1O1A1Tzu7/Wjc+uF/tYYe/ZPXea74QZphu/N+8dy/ts/IzL2VtXuxiegGLfBFq" +
    "zgZuBmlxXHVhftKvcis9t2ko65uVyDcLtItMhSJokKBsIYJliqOXjUbQf5dz8vLXkku94arBMgsxDWT4K/xIOTsaI/GMlSIKQ6Ucd/GKrBEsy5O8RDtD9A" +
    "2klV7YeEwPEgqL+RhpdxAs/xUeTOZGJKwuvlBjzIhJF9bIfbyzx7DdcGFqRE+a8eBIUMQjVkt9Yk7jj0eV3oVTE7XNhb53rHuPL+zJVkiharxiTgYvkow3" +
    "Nlbg3oURx9Ln67ni9pUtI1HbortGZsAkyOcpep58K9cYvUePJWzjkY+bjcGKR19CWPl7KaUalIf2Tao5OwtqjrblTsXdtV7eG45ys0MTKl/DeqTJ0w6+i4" +
    "eq4ZUfOCL/DIwS5zUB9j1KMUgEfocjYIdHWI8TSrA8jLYNPbVE6+WjekHMB9liNrEQoESWBddS+bglPxuVwy2paGTUYJW1GnRZOTD+CG4ETQARAQAB",
];

export const debianKeys = [
  // Debian Security Archive Automatic Signing Key (12/bookworm), its signing subkey
  // B0CAB9266E8C3929798B3EEEBDE6D2B9216EC7A8
  "uQINBGPL0F0BEADg0ux+DJGosdzyReAND8zy7WXNY1HbaXW57gyAkNLq6VkSdlj+VxEdZUbOJxhQZ1hLz/uPYK0+htMeCPfJ0IFmJYo96nU1oA3G" +
    "N7TC5WioorWmh5ncnIX+VV11yo33BQHVlv/P52TQQQCWY4Mn7zp7d5BtsjbiaGYqddLadQKUIW7ErMToYnQws+Dh9AfVVy0IsYtnMd7lE2xdG3W/" +
    "/vuf4/Rr8dxRGMWcQlNlD/Rv2LgW+pPtXJ9jHi6vdg5XxWY04ck+kNBM1o1mCoSP8jtIVNsJjMmufqlxn30BbH3C5vA0BQwnDEssReu4O1a7mqXa" +
    "Yry5R+OTd3txyMh6riM1+t5eZujEjhJiTsq2GIJu+/fFv11Q5L+8wOPmTFaUN7Pg73H00a9JbUNE6p1XuLVJ8qc1EpbBxYYqLZKHWlicq3BgYq/M" +
    "FORVCuMhFaokv5ZuJAFLTZORBetkHBgJ0ns35B/6yJtM1nw94KDYm95HHnmCY81dbmQBxfhy5C0wLwokaGuRWBCnvH91WDjWSx54MsIb53x75onu" +
    "H0GZB0P1+981sNJubEuE+1J91xkJI3xvAtfo3jERO7LYwsiSZOvu+HgPy0X1900rTRSXgsD8b0nMjEBQP0f2d9i+Jc/l6dXxxU4xLO8bLH24O0FL" +
    "jOqWRmvwa8Bdc9bc/0nTvVXLawARAQAB",
  // Debian Security Archive Automatic Signing Key (13/trixie), its signing subkey
  // 89C87ACEA5DD6B8E6A7068808E9F831205B4BA95
  "uQINBGfpPl0BEAChBbWGxo5+KUAHyz3DSblZpFjzv71W1DNuceRhNfUOUsu3lZKeI1dd3jchp367fmaC5+2rsg5AiZzuGwmhmFtgo1fB2ImCPGXu" +
    "afexKMrJzpLIJm0YxZnNzWauEWmZGTui4UjZ6DjB+c0UvapShIoRxBCgXckTO+w4RgcE5/aakAPh6PD4GyJHX8zAUZW21ZmS9NdNj3K4/8uBcICI" +
    "0mRhwvXBFz5PmBOPY9n5hI5iKC8cKR8F0CG1JRhtNsThx0S09fT+dQAnGPEo2PTwTcxji5OGHcWYfM4qMnfuEAjOGMCYh6GkKDzWMhc2kropnA0P" +
    "3464dK2sZ4peVOp2nx0m4GucqdtohZ0Ud9dJOchrjaS4Ob97s4bSti+cd0vboPxnZqi4i8GS2jvFBv8dkKbvn9Q4TNJdx/r2GBlBxgHfZZq2P77u" +
    "GZn1JjAzKGpNpW4KUG3p7LOsxGDUP1kjKbNryq35m/BTXIhDNizwfdClwVmKktFdApTpcHPlk/tIu3c1fOfmXZtkWv8oDJOXD0si2rabrfodCU7f" +
    "RTOLRLc8pH83S/HSlAr4Fe6aAQMzzddUpG5uNDBgFi0tBXB/Vvplz0P3t1YfdTTrnnWU2esYqIi/BMu8iu/yTe0eT8PFNwJLi9s26RSntD5blAlR" +
    "lvTh0lsq8ZOQbzNrZ4XbISgmzwARAQAB",
];
