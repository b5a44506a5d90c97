localhost:42365/arcgis, a slot is one day, from 2026-08-13 00:00 to 2026-10-05 00:00, UTC
now is 2026-09-21 14:13:20 +00:00

                          2026-08            2026-09
                              17     24     31     07     14     21     28
                                                                 ╎ now
  nightly-pv scheduled          ----✓✓✓✓✓✗✓✓✓✓✓✓✓✗✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓▹▹▹▹▹▹▹▹▹▹▹▹▹
  archive-s3 scheduled                                           ╎
  archive-s3 manual                                  ✓           ╎
  offsite-azure scheduled     ✓      ✓      ✓      ✓      ✓      ✓      ▹
  default, none                                                  ╎
  expires, all stores                                         11111111111111111

✓ usable   - expired   ~ running   ! doubtful   ? cannot tell   ▫ missed
✗ not usable   ▹ expected   ░ not read   ╎ now   ◃ retention
1 to 9 expire, * 10 or more   L last usable expires

nightly-pv scheduled
  next run of nightly 2026-09-22 06:00:00 +00:00
  2 runs failed, the last of 2026-09-05 06:00 (object store: failed)
  retention 30 d (from the schedule), back to 2026-08-22 14:13
  total             ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 19 m 41 s, 16% of 2 h, newest 16 m 47 s⋯
  relational store  ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 4 m 18 s, 4% of 2 h, newest 3 m 40 s, 5⋯
  object store      ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 13 m 58 s, 12% of 2 h, newest 11 m 55 s⋯
  infrastructure    ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 1 m 23 s, 1% of 2 h, newest 1 m 11 s, 5⋯

archive-s3 scheduled
  retention about 400 d (from the newest restore point), back to 2025-08-17 14:13
  total             ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 26 m 17 s, 22% of 2 h, newest 22 m 31 s⋯
  relational store  ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 5 m 45 s, 5% of 2 h, newest 4 m 56 s, a⋯
  object store      ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 18 m 39 s, 16% of 2 h, newest 15 m 59 s⋯
  infrastructure    ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 1 m 51 s, 2% of 2 h, newest 1 m 35 s, a⋯

archive-s3 manual
  total             ⣀⣀⣀  longest 22 m 12 s, 18% of 2 h, newest 21 m 58 s
  relational store  ⡀⡀⡀  longest 4 m 52 s, 4% of 2 h, newest 4 m 48 s
  object store      ⣀⡀⣀  longest 15 m 46 s, 13% of 2 h, newest 15 m 36 s
  infrastructure    ⡀⡀⡀  longest 1 m 34 s, 1% of 2 h, newest 1 m 33 s

offsite-azure scheduled
  next run of weekly 2026-09-28 08:00:00 +00:00
  retention 90 d (from the schedule), back to 2026-06-23 14:13
  total             ⣄⣄⣄⣄⣄⣄⣄⣄⣄⣄  longest 40 m 31 s, 34% of 2 h, newest 37 m 49 s⋯
  relational store  ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 8 m 53 s, 7% of 2 h, newest 8 m 18 s, 1⋯
  object store      ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀  longest 28 m 46 s, 24% of 2 h, newest 26 m 51 s⋯
  infrastructure    ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀  longest 2 m 50 s, 2% of 2 h, newest 2 m 39 s, 1⋯

default, none
  no restore point

expires, all stores
  1 of 40 usable restore points never expire, or their expiry is unknown
