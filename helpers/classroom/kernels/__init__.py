"""Kernels for the tests of notebooks: forked from one process that has imported the libraries already.

The idea: nearly all the time that a short notebook takes is the start of its kernel and its first cell. So one parent
imports once, and each kernel is a fork of it: with the environment, working folder and private settings that a kernel
of its own would have had. Kernels and their clients meet at sockets in a private folder, not at ports of the machine,
so two that start at the same moment cannot take each other's place.

Only tests use this (`plugin`, for pytest). JupyterLab starts its own, ordinary kernels.
"""
