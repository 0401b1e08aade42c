"""The playground's server: a web process (`server.app`) and worker processes (`server.worker`).

Floors, from the top; imports only go down:

    __main__                          the command line
    app | worker                      the two front doors: web process, worker process
    routes                            HTTP
    services                          what the product can do, in sentences
    scheduling | streaming            Dask; open event streams
    storage | training | exports      SQL and files; Keras; files to take home
    datasets                          arrays from names
    config | domain                   the ground

This file imports nothing: both processes pass through it.
"""
