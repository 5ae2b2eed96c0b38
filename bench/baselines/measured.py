"""Runs a script of this folder and prints what it took: CPU seconds of the whole process and peak memory in MiB. SCRIPT ARGUMENT..."""
import json, os, resource, runpy, sys
script = sys.argv[1]
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(script))
runpy.run_path(script, run_name="__main__")
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpuSeconds": used.ru_utime + used.ru_stime, "peakRssMb": used.ru_maxrss / 1024}))
