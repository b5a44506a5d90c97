localhost:39867/arcgis, a slot is one day, from 2026-08-13 00:00 to 2026-10-05 00:00, UTC
now is 2026-09-21 14:13:20 +00:00

                          2026-08            2026-09
                              17     24     31     07     14     21     28
                                                                 ▾ now
  nightly-pv scheduled          ----✓✓✓✓✓✗✓✓✓✓✓✓✓✗✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓▹▹▹▹▹▹▹▹▹▹▹▹▹
  archive-s3 scheduled                                           ╎
  archive-s3 manual                                  ✓           ╎
  offsite-azure scheduled     ✓      ✓      ✓      ✓      ✓      ✓      ▹
  default, none                                                  ╎
  expires, all stores                                         11111111111111111

✓ usable   - expired   ~ running   ! doubtful   ? cannot tell   ▫ missed
✗ not usable   ▹ expected   ? not read   ╎ now   ◃ kept   1 to 9 expire, * more
! last usable one expires

nightly-pv scheduled
  next run of nightly 2026-09-22 06:00:00 +00:00
  2 runs failed, the last of 2026-09-05 06:00 (object store: failed)
  its schedule keeps about 30 d, so back to 2026-08-22 14:13
  whole             ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 19 m 41 s, 16% of 2 h, newest 16 m 47 s⋯
  relational store  ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 4 m 18 s, 4% of 2 h, newest 3 m 40 s, n⋯
  object store      ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 13 m 58 s, 12% of 2 h, newest 11 m 55 s⋯
  infrastructure    ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 1 m 23 s, 1% of 2 h, newest 1 m 11 s, n⋯

archive-s3 scheduled
  the newest is kept about 400 d, so back to 2025-08-17 14:13
  whole             ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 26 m 17 s, 22% of 2 h, newest 22 m 31 s⋯
  relational store  ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 5 m 45 s, 5% of 2 h, newest 4 m 56 s, n⋯
  object store      ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 18 m 39 s, 16% of 2 h, newest 15 m 59 s⋯
  infrastructure    ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 1 m 51 s, 2% of 2 h, newest 1 m 35 s, n⋯

archive-s3 manual
  whole             ⣀⣀⣀  longest 22 m 12 s, 18% of 2 h, newest 21 m 58 s
  relational store  ⡀⡀⡀  longest 4 m 52 s, 4% of 2 h, newest 4 m 48 s
  object store      ⣀⡀⣀  longest 15 m 46 s, 13% of 2 h, newest 15 m 36 s
  infrastructure    ⡀⡀⡀  longest 1 m 34 s, 1% of 2 h, newest 1 m 33 s

offsite-azure scheduled
  next run of weekly 2026-09-28 08:00:00 +00:00
  its schedule keeps about 90 d, so back to 2026-06-23 14:13
  whole             ⣄⣄⣄⣄⣄⣄⣄⣄⣄⣄  longest 40 m 31 s, 34% of 2 h, newest 37 m 49 s⋯
  relational store  ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 8 m 53 s, 7% of 2 h, newest 8 m 18 s, n⋯
  object store      ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 28 m 46 s, 24% of 2 h, newest 26 m 51 s⋯
  infrastructure    ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 2 m 50 s, 2% of 2 h, newest 2 m 39 s, n⋯

default, none
  no restore point

expires, all stores
  no end of retention is known of 1 of 40 usable restore points
