"""What a power cut leaves behind, replayed from a trace of what the program really asked the system for.

Problem: ``kill -9`` loses nothing that has reached the system, so it cannot tell a program that waits for the disk
from one that does not; and pulling the plug 20,000 times is nobody's test.

1. ``trace``: a child process runs the real save path under strace, in a folder of its own, and says on its standard
   output what it has been told is saved. All calls that change the folder, and those words, become events in order.
2. ``disk``: the events are played on a model of a disk that forgets whatever was not synced. For a file these are the
   writes and changes of its size since the last ``fsync`` or ``fdatasync`` of it; for a folder the names made, taken
   away or changed since the last one of the folder: as POSIX has it, syncing a file says nothing about its name. At
   the end the disk with everything on it must equal the real folder, byte for byte, so that no call was overlooked.
3. ``replay``: after every event the power may go. Then nothing that was not synced is on the disk, or all of it, or
   (many times, at random) some: every sector of 512 bytes of every file holds some moment's content, each apart from
   the others; a longer file may have its new length without its new content, with zeros or rubbish instead; each name
   made, removed or changed may or may not be so. Each such state is laid out as a folder, and the real program
   opens what it finds, taking back commits that were cut off.
4. ``workloads``: what the child does, and what has to be there afterwards: everything acknowledged, nothing half.

Not modelled: new folders are taken to last from the start, permissions and times are ignored, a sector is written whole
or not at all, and what is synced stays (a disk that lies cannot be helped).
"""
